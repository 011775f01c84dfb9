"""The pages: what is shown and where. What they know stands in the modules beside this folder."""
