"""The tables of open data by name: files, the API and their descriptions are all made from here.

Only what citizens see: the 現行 plans, and linkages that both organisations agreed to.
"""

from plan_portal.open_data.city import GOALS, INITIATIVES, SDG_LINKS
from plan_portal.open_data.kizuna import KIZUNA_ITEMS, LINKAGES

TABLES = {table.name: table for table in (GOALS, INITIATIVES, KIZUNA_ITEMS, LINKAGES, SDG_LINKS)}
