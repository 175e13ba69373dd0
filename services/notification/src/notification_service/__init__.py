"""Notices to entities, clues to platforms, and what came of them (提示提醒, 信用沙盒).

Events of repair and profiling become notices, rendered from dated templates and handed to a channel, and clues,
pushed to subscribed platforms as signed webhooks and offered for pulling. A clue is finished when the platform
has answered what it did. No risk class and no score is known here, so none can ever leave.

`model` what it speaks of; `rules` what it decides; `use_cases` what it does; `worker` what it delivers;
`store` what it keeps; `http_api` what people and platforms ask.
"""
