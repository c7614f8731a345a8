"""What the API takes and answers. Input is strict; answers may gain fields, as the contract allows."""
