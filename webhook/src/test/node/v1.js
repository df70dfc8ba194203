const { Webhook } = require("standardwebhooks");

// Throws unless the message is genuine; body is the raw bytes as a Buffer, or their text.
function verify(secret, headers, body) {
  return new Webhook(secret).verify(body, headers);
}

module.exports = { verify };
