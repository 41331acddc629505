"""What several tests share. No test lives here."""
