import base64, json, time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def verify(public_key, headers, body):
    """Raises unless the message is genuine; body is the raw bytes."""
    message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > 300:
        raise ValueError("not sent just now")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_")))
    for one in headers["webhook-signature"].split(" "):
        if one.startswith("v1a,"):
            try:
                key.verify(base64.b64decode(one[4:]), f"{message_id}.{timestamp}.".encode() + body)
                return json.loads(body)
            except InvalidSignature:
                pass
    raise ValueError("no signature matches")
