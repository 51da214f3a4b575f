//! The programs that are measured.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use fakes::aws::Aws;
use tokio::process::Command;

use crate::archive::Size;

/// A program that receives each webhook once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contestant {
    Usher,
    /// `lambda_http` and the AWS SDK as their guides show them: connections and secrets are opened and read when first
    /// needed.
    Rust,
    /// The same program. It reads the secret and opens the connections in INIT.
    RustWarmedUp,
    /// boto3 with Powertools' idempotency.
    Python,
}

impl Contestant {
    pub const ALL: [Self; 4] = [Self::Usher, Self::Rust, Self::RustWarmedUp, Self::Python];

    pub fn name(self) -> &'static str {
        match self {
            Self::Usher => "Usher",
            Self::Rust => "Rust baseline",
            Self::RustWarmedUp => "Rust baseline, warmed up in INIT",
            Self::Python => "Python baseline",
        }
    }
}

/// The paths of the programs, which are built and set up before.
#[derive(Debug, Clone)]
pub struct Programs {
    pub usher: PathBuf,
    pub rust: PathBuf,
    /// The Python with the packages of `bench/baseline/python/requirements.txt`.
    pub python: Option<PathBuf>,
}

/// The files of trust anchors, in the form that each contestant reads.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The fake authority's certificate.
    pub ours: PathBuf,
    /// The certificates of this system, as many as in Lambda's, and the fake authority's.
    pub system_and_ours: PathBuf,
}

/// The region of [`Aws::variables`].
const REGION: &str = "eu-central-1";

const HANDLER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline/python");

/// The places where distributions keep their trust anchors.
const SYSTEM_ANCHORS: [&str; 3] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"];

/// The id of the secret that [`crate::delivery`] signs with.
pub const SECRET_ID: &str = "usher/luma";

impl Contestant {
    /// Returns the command with which Lambda would start it, without Lambda's own variables.
    pub fn command(self, programs: &Programs, trust: &Trust, aws: &Aws) -> Command {
        let mut command = match self {
            Self::Usher => Command::new(&programs.usher),
            Self::Rust | Self::RustWarmedUp => Command::new(&programs.rust),
            Self::Python => Command::new(programs.python.as_deref().unwrap_or(Path::new("python3"))),
        };
        command.env_clear().env("WEBHOOK_SECRETS_ID", SECRET_ID).env("LANG", "en_US.UTF-8");
        // Lambda sets both names of the region. boto3 reads this one only.
        command.env("AWS_DEFAULT_REGION", REGION);
        // The endpoints have names, as AWS's have.
        command.envs(aws.variables().into_iter().map(|(name, value)| (name, by_name(&value))));
        match self {
            Self::Usher => command.env("AWS_CA_BUNDLE", &trust.ours),
            // The SDK for Rust reads the system's anchors and does not know AWS_CA_BUNDLE.
            Self::Rust => command.env("SSL_CERT_FILE", &trust.system_and_ours),
            Self::RustWarmedUp => command.env("SSL_CERT_FILE", &trust.system_and_ours).env("WARM_UP", "1"),
            Self::Python => command
                .args(["-m", "awslambdaric", "handler.handler"])
                .current_dir(HANDLER)
                .env("LAMBDA_TASK_ROOT", HANDLER)
                .env("AWS_CA_BUNDLE", &trust.system_and_ours),
        };
        command
    }

    /// Measures what is deployed. Lambda's Python includes boto3.
    pub fn size(self, programs: &Programs) -> io::Result<Size> {
        let python = programs.python.as_deref().unwrap_or(Path::new("python3"));
        match self {
            Self::Usher => Size::of(&[&programs.usher], python),
            Self::Rust | Self::RustWarmedUp => Size::of(&[&programs.rust], python),
            Self::Python => {
                let packages = packages(python)?;
                let deployed = ["aws_lambda_powertools", "jmespath", "typing_extensions.py"];
                let mut paths: Vec<PathBuf> = deployed.iter().map(|name| packages.join(name)).collect();
                paths.push(Path::new(HANDLER).join("handler.py"));
                Size::of(&paths, python)
            }
        }
    }
}

fn by_name(value: &str) -> OsString {
    value.replace("https://127.0.0.1:", "https://localhost:").into()
}

fn packages(python: &Path) -> io::Result<PathBuf> {
    let environment = python.parent().and_then(Path::parent).ok_or(io::ErrorKind::NotFound)?;
    for entry in fs::read_dir(environment.join("lib"))? {
        let packages = entry?.path().join("site-packages");
        if packages.is_dir() {
            return Ok(packages);
        }
    }
    Err(io::ErrorKind::NotFound.into())
}

impl Trust {
    /// Writes the file with the system's anchors and ours.
    pub fn new(ours: &Path) -> io::Result<Self> {
        let system = SYSTEM_ANCHORS.iter().find_map(|path| fs::read(path).ok());
        let mut both = system.ok_or_else(|| io::Error::other("this system's trust anchors are not found"))?;
        both.extend(fs::read(ours)?);
        let system_and_ours = ours.with_extension("with-system.pem");
        fs::write(&system_and_ours, both)?;
        Ok(Self { ours: ours.to_owned(), system_and_ours })
    }
}
