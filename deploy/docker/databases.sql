-- PostgreSQL runs this once, on an empty volume: retrieval has its own database, besides `jobs`.
CREATE DATABASE retrieval;
