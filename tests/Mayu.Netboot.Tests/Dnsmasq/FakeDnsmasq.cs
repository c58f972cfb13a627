namespace Mayu.Netboot.Tests.Dnsmasq;

/// <summary>A script in the place of dnsmasq, in a folder that whoever it runs as can read.</summary>
internal sealed class FakeDnsmasq : IDisposable
{
    private const UnixFileMode ForAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <param name="script">What it does; its last argument is <c>--conf-file=…</c>.</param>
    public FakeDnsmasq(string script)
    {
        File.SetUnixFileMode(Folder, ForAll);
        Change(script);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("mayu-dnsmasq-").FullName;

    public string Path => System.IO.Path.Combine(Folder, "fake-dnsmasq");

    /// <summary>The next one that starts does this. One that runs reads its own file to the end.</summary>
    public void Change(string script)
    {
        // A shell that is started with SIGHUP ignored, as below nohup, cannot trap it.
        File.WriteAllText(Path + ".new", "#!/usr/bin/env -S --default-signal=HUP /bin/sh\n" + script);
        File.SetUnixFileMode(Path + ".new", ForAll);
        File.Move(Path + ".new", Path, overwrite: true);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
