"""What the site costs, beside a bare Django project on the same server and database."""
