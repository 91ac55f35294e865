// A Node.js function with the same clients as ours. It makes the same calls for the same events, and does nothing else. It
// has its own client of the Runtime API, which is shorter than AWS's.
import http from "node:http";
import { DynamoDBClient, GetItemCommand, TransactWriteItemsCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";

const dynamodb = new DynamoDBClient({});
const sfn = new SFNClient({});
const sqs = new SQSClient({});
const TableName = process.env.TABLE_NAME;
const key = (id) => ({ pk: { S: "order#" + id } });

async function handle(event) {
  if (event.action === "sqs") return sqs.config.region();
  if (event.action) {
    return dynamodb.send(new UpdateItemCommand({
      TableName, Key: key(event.order.orderId), ReturnValues: "ALL_NEW",
      UpdateExpression: "SET #s = :to", ConditionExpression: "#s = :from",
      ExpressionAttributeNames: { "#s": "status" }, ExpressionAttributeValues: { ":to": { S: "CREATED" }, ":from": { S: "PENDING" } },
    }));
  }
  if (event.requestContext.http.method === "GET") {
    return dynamodb.send(new GetItemCommand({ TableName, Key: key(event.pathParameters.id), ConsistentRead: true }));
  }
  const orderId = crypto.randomUUID();
  await dynamodb.send(new TransactWriteItemsCommand({
    TransactItems: [{ Put: { TableName, Item: { ...key(orderId), ...JSON.parse(event.body).flavour } } }],
  }));
  await sfn.send(new StartExecutionCommand({ stateMachineArn: process.env.STATE_MACHINE_ARN, name: orderId, input: event.body }));
  return { statusCode: 202 };
}

const agent = new http.Agent({ keepAlive: true });
const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(":");

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, host, port, method, path: "/2018-06-01/runtime/invocation/" + path }, (response) => {
      const chunks = [];
      response.on("data", (c) => chunks.push(c));
      response.on("end", () => resolve({ id: response.headers["lambda-runtime-aws-request-id"], body: Buffer.concat(chunks) }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function serve() {
  for (;;) {
    const next = await call("GET", "next");
    try {
      const { $metadata, ...answer } = await handle(JSON.parse(next.body));
      await call("POST", next.id + "/response", JSON.stringify(answer));
    } catch (e) {
      await call("POST", next.id + "/error", JSON.stringify({ errorType: e.name, errorMessage: e.message }));
    }
  }
}

serve();
