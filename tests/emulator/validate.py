"""Part of `make check`: is template.yaml what CloudFormation and SAM expect?"""

import sam
from terminal import main

if __name__ == "__main__":
    main(sam.validate)
