//! AWS's list prices in us-east-1, on demand, in dollars, before any free tier.

/// A million write units of DynamoDB.
pub const WRITE_UNITS: f64 = 0.625;
/// A million read units of DynamoDB.
pub const READ_UNITS: f64 = 0.125;
/// A gigabyte in DynamoDB for a month, and its point-in-time recovery.
pub const TABLE_GB_MONTH: f64 = 0.25 + 0.20;
/// A million requests to a standard queue of SQS.
pub const SQS_STANDARD: f64 = 0.40;
/// A million requests to a FIFO queue of SQS.
pub const SQS_FIFO: f64 = 0.50;
/// A million requests to Lambda.
pub const LAMBDA_REQUESTS: f64 = 0.20;
/// A gigabyte of memory for a second on Lambda, on arm64. INIT costs the same.
pub const LAMBDA_GB_SECOND: f64 = 0.000_013_333_4;
/// A gigabyte written to CloudWatch Logs.
pub const LOG_GB: f64 = 0.50;
/// A million calls of Secrets Manager.
pub const SECRET_CALLS: f64 = 5.0;
/// A secret for a month.
pub const SECRET: f64 = 0.40;
/// A metric of one's own for a month.
pub const METRIC: f64 = 0.30;
/// An alarm for a month.
pub const ALARM: f64 = 0.10;
/// A dashboard for a month.
pub const DASHBOARD: f64 = 3.00;

/// The metrics and alarms that cost nothing in each account, and as many dashboards as the stack has.
pub const FREE_METRICS: u32 = 10;
pub const FREE_ALARMS: u32 = 10;

pub const SECONDS_A_DAY: f64 = 86_400.0;
pub const DAYS_A_MONTH: f64 = 30.42;

/// Returns the price of a million invocations of 128 MB that take so many milliseconds.
pub fn lambda(milliseconds: f64) -> f64 {
    LAMBDA_REQUESTS + milliseconds / 1e3 * 0.125 * LAMBDA_GB_SECOND * 1e6
}

/// Returns the price of a million log lines of so many bytes.
pub fn log(bytes: f64) -> f64 {
    bytes * 1e6 / 1e9 * LOG_GB
}
