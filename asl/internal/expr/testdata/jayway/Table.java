import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a table of what com.jayway.jsonpath:json-path:2.0.0 finds in the tree of
 * com.fasterxml.jackson.core:jackson-databind:2.4.5. With both and their dependencies in lib:
 *
 *   java -cp 'lib/*' Table.java documents.json table.tsv
 *
 * Each line has the name of a document, a path, what happens, and the value or message. The program replaces the last two.
 * What happens is "found", "missing" (which wildcards and filters ignore), "fails" or "refused".
 */
class Table {
    public static void main(String[] args) throws Exception {
        JsonNode documents = new ObjectMapper().readTree(Files.readString(Path.of(args[0])));
        Configuration jackson = Configuration.builder().jsonProvider(new JacksonJsonNodeJsonProvider()).build();
        StringBuilder table = new StringBuilder();
        for (String line : Files.readAllLines(Path.of(args[1]))) {
            String[] parts = line.split("\t");
            JsonNode document = documents.get(parts[0]);
            if (document == null) throw new IllegalArgumentException("no document " + parts[0]);
            table.append(String.join("\t", parts[0], parts[1], answer(parts[1], document, jackson))).append("\n");
        }
        Files.writeString(Path.of(args[1]), table);
    }

    static String answer(String text, JsonNode document, Configuration jackson) {
        JsonPath path;
        try {
            path = JsonPath.compile(text);
        } catch (RuntimeException e) {
            return "refused\t";
        }
        try {
            return "found\t" + path.<Object>read(document, jackson);
        } catch (PathNotFoundException e) {
            return "missing\t" + e.getMessage();
        } catch (InvalidPathException e) {
            return "fails\t" + e.getMessage();
        } catch (RuntimeException e) {
            return "fails\t" + e.getClass().getName();
        }
    }
}
