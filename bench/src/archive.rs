//! The number of bytes that are uploaded.

use std::io;
use std::path::Path;
use std::process::Command;

const ARCHIVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/archive.py");

/// The size of a function's code, and of its ZIP file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    pub bytes: u64,
    pub zip_bytes: u64,
}

impl Size {
    /// Measures files and folders. This Python makes the ZIP file.
    pub fn of(paths: &[impl AsRef<Path>], python: &Path) -> io::Result<Self> {
        let output = Command::new(python).arg(ARCHIVE).args(paths.iter().map(AsRef::as_ref)).output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut numbers = text.split_whitespace().map(str::parse);
        match (numbers.next(), numbers.next()) {
            (Some(Ok(bytes)), Some(Ok(zip_bytes))) => Ok(Self { bytes, zip_bytes }),
            _ => Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_is_deployed_is_zipped_and_compiled_python_is_not() {
        let folder = std::env::temp_dir().join(format!("usher-bench-archive-{}", std::process::id()));
        fs::create_dir_all(folder.join("__pycache__")).expect("it can be made");
        for file in ["module.py", "__pycache__/module.pyc"] {
            fs::write(folder.join(file), vec![0; 100_000]).expect("it can be written");
        }
        let size = Size::of(&[&folder], Path::new("python3")).expect("it can be read");
        fs::remove_dir_all(&folder).expect("it is ours");

        assert_eq!(size.bytes, 100_000);
        assert!((200..500).contains(&size.zip_bytes), "{size:?}");
    }
}
