"""From files to the vocabulary: configuration, rules, documents, profiles and cases."""
