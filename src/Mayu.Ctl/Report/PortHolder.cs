namespace Mayu.Ctl.Report;

/// <summary>A port of this host that some process listens on.</summary>
/// <param name="Protocol"><c>tcp</c> or <c>udp</c>.</param>
/// <param name="Port">The port.</param>
/// <param name="Program">What the process is called; null where only root may know.</param>
/// <param name="Process">Its id; null likewise.</param>
internal sealed record PortHolder(string Protocol, int Port, string? Program, int? Process)
{
    /// <summary>Who that is, in a sentence.</summary>
    public string Who => Program is null ? "another process, whose name only root can see" : $"{Program} (process {Process})";
}
