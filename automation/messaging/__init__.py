"""Mail in and notifications out."""
