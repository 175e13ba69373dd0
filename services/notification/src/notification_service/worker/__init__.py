"""What is delivered in the background: letters to their channel, webhooks to platforms."""
