-- PostgreSQL runs this once, on an empty volume: retrieval's records have a database of their own, beside `jobs`.
CREATE DATABASE retrieval;
