"""Optical character recognition: three engines behind one protocol."""
