import base64, hashlib, hmac, json, time


def verify(secret, headers, body):
    """Raises unless the message is genuine; body is the raw bytes."""
    message_id, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(time.time() - int(timestamp)) > 300:
        raise ValueError("not sent just now")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256)
    expected = "v1," + base64.b64encode(digest).decode()
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in headers["webhook-signature"].split(" ")):
        raise ValueError("no signature matches")
    return json.loads(body)
