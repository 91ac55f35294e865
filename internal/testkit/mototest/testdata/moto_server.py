"""moto's server, for moto 5.2.5, with two changes to its interpreter of state machines."""
import functools
import re

# Before all else of the interpreter, which imports names from it.
from moto.stepfunctions.parser.asl.utils import json_path

# A path without wildcard, slice or filter stands for one value. Below an index, as in $[0].failures, moto makes it a list.
extract = json_path.extract_json
indefinite = re.compile(r"[*?:,]|\.\.")


def extract_json(path, data):
    found = extract(path, data)
    return found if indefinite.search(path) else json_path.parse(path).find(data)[0].value


json_path.extract_json = extract_json

from moto.stepfunctions.parser.asl.component.common.path import result_path
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

# What is parsed again and again is remembered: a path at every use (6 ms of CPU), the definition at every execution
# (700 ms). Those who use the results do not change them.
for owner in json_path, result_path, AmazonStateLanguageParser:
    owner.parse = functools.cache(owner.parse)

from moto.server import main

main()
