"""dockerfile-args: public frontend variables reach every image build."""
