"""What every service stands on; knows no service.

clock, config, errors and logs are plain Python and may be imported by the gateway as well. Everything else
belongs to a service process (eventlet, Nameko, psycopg).
"""
