"""OpenAI's evals: checked and stored for the workers, and shown. Only the routes may import this room.

create_eval     the flow: check the data source and the criteria, then store the eval
criteria        what a criterion must have, and the id that it gets
item_schema     the JSON Schema of the rows, and what the API shows of it
start_run       the other flow: check everything that a run needs, then store its job
check_rows      the rows of a request, and where others come from
check_sampling  how a model is asked about each row
imports         an eval of OpenAI's, with its runs and output items
store           the transactions
describe        evals, runs and output items as the API shows them
sign_report     links to the report of a run that work without a key, for a while
write_report    the report as a page
comparison      runs of one eval, compared on the items that they share
"""
