#!/usr/bin/env bash
# One role and one database per service; each role may connect to its own alone.
set -euo pipefail
for service in ingestion profiling classification sampling repair notification; do
    psql --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set password="$SERVICE_PASSWORD" <<SQL
create role creditloop_$service login password :'password';
create database creditloop_$service owner creditloop_$service;
revoke connect on database creditloop_$service from public;
SQL
done
