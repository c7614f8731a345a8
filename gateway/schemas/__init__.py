"""What the API takes and answers. Input is strict; answers may gain fields, as the contract allows.

Each stands a second time in the service it is asked of: here is what was promised to the public, with descriptions and
limits, there what goes over the bus, which changes with the service; the gateway imports none. Every answer is held to
its schema here by `tests/integration/gateway/test_contract_fuzz.py`.
"""
