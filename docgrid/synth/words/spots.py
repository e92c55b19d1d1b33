"""Programmes, offices and agencies of political advertising."""

TABLE = """
programs = Early News | Morning Show | News at Noon | Midday Live | Evening News | News at 6 | Late News | Late Late Talk
+ Game Show Hour | Daytime Talk | Court Time | Wheel Night | Sunday Sports | Football Game | Prime Drama | Comedy Hour
+ Weekend Edition | Movie of the Week | Local News @ 5p
offices = Senate | Congress | Governor | President | US Senate | State Senate | House | Mayor | Attorney General
+ Supreme Court
states = NC | SC | MT | NV | NY | OH | IA | ME | AZ | GA | TX | CO | NM | NE | VA | AL | KY
causes = Progress | Freedom | Families | Leadership | Tomorrow | Jobs | Citizens | Values | Justice | Growth
agencies = Media Group | Strategies | Buying Time | Media Buying | Communications | Placement LLC | Media Partners
+ Strategic Media
"""
