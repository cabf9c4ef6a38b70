"""The approval document (起案用) and the Excel pack that goes through the town hall and back."""
