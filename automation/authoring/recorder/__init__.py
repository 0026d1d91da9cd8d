"""
Recording a flow: what a person points at on a live page becomes a flow's files and a stand-in of that very page.

`picking` takes what they click without letting the click through, `proposal` says which control that names,
`scrubbing` and `markup` make a page of it that holds nothing of the account, `writing` writes the files, and `verdicts`
reads both pages, the live one and the one on file, and compares.
"""
