"""Settings, .env.example and the secrets template name the same variables."""
