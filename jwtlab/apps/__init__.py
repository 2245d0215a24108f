"""Small services that the lessons talk to: ordinary Flask applications, reached in process.

They stand on the same floor as the attacks and the OAuth roles, and import from the floors below.
"""
