"""The head of an instrument for tests that care about the rest."""

HEAD = """\
code: made
version: '1.0.0'
title: {en: Made}
student_title: {en: How you felt}
languages: [en]
ages: {}
licence: {terms: public_domain, statement: Free for all., source: Made}
citation: Nobody
translations: {en: {status: original, source: Made}}
recall: {en: now}
instructions: {en: Choose.}
option_sets:
  degree: [{value: 0}, {value: 1}, {value: 2}]
"""
