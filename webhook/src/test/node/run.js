// Reads {snippet, key, headers, body} as JSON, and prints the message, or why the snippet refused it.
const { snippet, key, headers, body } = JSON.parse(require("node:fs").readFileSync(0));
const { verify } = require(`./${snippet}.js`);
try {
  console.log("accepted " + JSON.stringify(verify(key, headers, Buffer.from(body))));
} catch (e) {
  console.log("refused " + e.message);
}
