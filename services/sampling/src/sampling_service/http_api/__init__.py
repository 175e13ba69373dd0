"""The service's routes: `pools`, `draws`, `tasks`, `inspectors`; what they share is in `edge`."""
