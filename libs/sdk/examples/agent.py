"""Decide, wait, act, report: the whole client in plain Python. Usage: agent.py URL KEY"""
import json, sys, urllib.request, uuid

URL, KEY = sys.argv[1:3]

def call(method, path, body=None):
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body, allow_nan=False).encode()
    request = urllib.request.Request(URL + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=70) as response:  # 4xx and 5xx raise: no decision, no action
        return json.load(response)

action = {"requestId": str(uuid.uuid4()), "intent": "refund.issue", "target": "order-1009",
          "args": {"amount": 120}, "cost": {"usd": "0.42"}, "run": "run-42"}
decision = call("POST", "/v1/decisions", action)
while decision["next"] == "wait":  # people are asked
    decision = call("GET", f"/v1/decisions/{decision['id']}?wait=30")
if decision["next"] == "take":  # they said yes, perhaps to other arguments: the permit is taken once, for exactly this
    action = {**action, "args": decision["action"]["args"]} if decision["approval"]["edited"] else action
    decision = call("POST", f"/v1/decisions/{decision['id']}/take", {"takeId": str(uuid.uuid4()), "action": action})
if decision["next"] != "act":  # `stop`, and any word this program does not know
    sys.exit(f"not allowed: {decision['reasons'][0]['message']}")

print("refunding", action["args"]["amount"])  # here the agent acts
outcome = {"status": "success", "cost": {"usd": "0.40"}, "durationMs": 812}
print("settled", call("POST", f"/v1/decisions/{decision['id']}/outcome", outcome)["settled"])
