"""What a model that reads both texts together said of a pair, stored with the pair."""
