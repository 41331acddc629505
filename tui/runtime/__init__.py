"""The machinery beneath the screens: workers, the key queue, start-up, crash reporting."""
