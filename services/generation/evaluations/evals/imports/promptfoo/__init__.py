"""A configuration of Promptfoo becomes an eval, rows, and runs to start. Only the routes may import it.

import_promptfoo   the flow: read the tests, the assertions and the prompts, and create the eval
read_tests         tests as rows, and the schema of their items
read_assertions    assertions as criteria, the same ones for all rows
read_prompts       each prompt with each model as a run
convert_template   `{{name}}` as `{{item.name}}`
list_skipped       fields that have no counterpart here
"""
