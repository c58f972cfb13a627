namespace Mayu.Ctl.Output;

/// <summary>How an answer is printed.</summary>
internal enum OutputFormat
{
    /// <summary>For people: a table on a terminal, aligned columns in a pipe.</summary>
    Table,

    /// <summary>A table with more columns, each on the row's line, however narrow the terminal is.</summary>
    Wide,

    /// <summary>The API's JSON, indented.</summary>
    Json,

    /// <summary>The same as YAML.</summary>
    Yaml,

    /// <summary>Only what the answer is about, one a line: serials, keys of pins, names of profiles.</summary>
    Name,
}
