"""Who annotates which document, and what is sent back."""
