#!/usr/bin/env bash
# One role, one password and one database per service; each role may connect to its own alone.
set -euo pipefail
psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --command "revoke connect on database postgres, template1 from public"
for service in ingestion profiling classification sampling repair notification console; do
    variable=${service^^}_PASSWORD
    password=${!variable:?a password}
    if [[ $password =~ [^A-Za-z0-9_.~-] ]]; then
        echo "$variable is part of a URL: letters, digits and _.~- only" >&2
        exit 1
    fi
    psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$password" <<SQL
create role creditloop_$service login password :'password';
create database creditloop_$service owner creditloop_$service;
revoke connect on database creditloop_$service from public;
SQL
done
