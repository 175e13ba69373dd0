"""Classification (科学分类, 结果回溯): judges each entity's class A to D with reasons, and reviews the judging.

Indicators come in from profiling; a model kept as data turns them into points, a score and a class; floors and
modifiers of law or policy have the last word. Each decision keeps its values and points against the model's version,
and is explained on read. Results of inspections come back from sampling and say, class by class, how often a
problem was found.

A class is an internal reference for spending supervision; it never leaves to an enterprise, a platform or the public.
"""
