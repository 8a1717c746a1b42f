"""The core of an adaptive questionnaire: which item comes next, and when it is enough.

Pure functions over what was answered so far: `plan` says what may be asked and when to stop,
`estimate` where the person probably is, `select` what to ask next, `stop` whether to ask on,
`simulate` plays a plan with made-up people. Nothing here is used on students' phones.
"""
