"""An eval of OpenAI's is imported with its runs and output items. The routes may import it.

import_eval   the flow: read the eval, its runs and items, and store them together
read_eval     the data source and the criteria as they are here
read_items    an output item as it is stored
promptfoo     a configuration of Promptfoo, which becomes an eval
"""
