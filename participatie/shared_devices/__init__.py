"""Devices that many people use one after another: at an information point, or on an evening."""
