const crypto = require("node:crypto");

// Throws unless the message is genuine; body is the raw bytes as a Buffer.
function verify(publicKey, headers, body) {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!(Math.abs(Date.now() / 1000 - timestamp) <= 300)) throw new Error("not sent just now");
  const x = Buffer.from(publicKey.slice("whpk_".length), "base64").toString("base64url");
  const key = crypto.createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const genuine = signatures.split(" ").filter((one) => one.startsWith("v1a,"))
    .some((one) => crypto.verify(null, signed, key, Buffer.from(one.slice(4), "base64")));
  if (!genuine) throw new Error("no signature matches");
  return JSON.parse(body);
}

module.exports = { verify };
