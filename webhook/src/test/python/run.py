"""Reads {snippet, key, headers, body} as JSON, and prints the message, or why the snippet refused it."""

import importlib
import json
import sys

case = json.loads(sys.stdin.buffer.read())
verify = importlib.import_module(case["snippet"]).verify
try:
    message = verify(case["key"], case["headers"], case["body"].encode())
    print("accepted " + json.dumps(message, separators=(",", ":"), ensure_ascii=False))
except ValueError as e:
    print(f"refused {e}")
