#!/bin/sh
# Run before the migrations at each start: one database and one role for each service, closed to the others. Identity's
# database, which has the trail of the staff, belongs to a role of its own, also where identity owned it before.
# Passwords come from NAME_DB_PASSWORD and have no default. Nothing happens to what is there.
set -eu

make_service() {
    service=$1
    password=$2
    if [ -z "$password" ]; then
        echo "the password of service $service is not set: see deploy/demo.env for the names" >&2
        exit 1
    fi
    psql --no-psqlrc -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d postgres \
        -v name="hall_$service" -v password="$password" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'name', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
SQL
}

hand_over() {
    service=$1
    password=$2
    if [ -z "$password" ]; then
        echo "the password of the owner of $service is not set: see deploy/demo.env for the names" >&2
        exit 1
    fi
    psql --no-psqlrc -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d "hall_$service" \
        -v name="hall_$service" -v owner="hall_${service}_owner" -v password="$password" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', :'owner', :'password')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'owner') \gexec
SET lock_timeout = '4s';
REASSIGN OWNED BY :"name" TO :"owner";
GRANT CONNECT ON DATABASE :"name" TO :"name";
SQL
}

make_service identity "${IDENTITY_DB_PASSWORD:-}"
hand_over identity "${IDENTITY_OWNER_DB_PASSWORD:-}"
make_service catalogue "${CATALOGUE_DB_PASSWORD:-}"
make_service ticketing "${TICKETING_DB_PASSWORD:-}"
make_service cases "${CASES_DB_PASSWORD:-}"
make_service statistics "${STATISTICS_DB_PASSWORD:-}"
make_service quality "${QUALITY_DB_PASSWORD:-}"
make_service notifications "${NOTIFICATIONS_DB_PASSWORD:-}"
make_service appointments "${APPOINTMENTS_DB_PASSWORD:-}"
make_service dispatch "${DISPATCH_DB_PASSWORD:-}"
