"""Mutation: rules changed a little, and whether some scenario notices."""
