using System.ComponentModel;
using System.Diagnostics;
using Mayu.Linux.Processes;

namespace Mayu.Netboot.Dnsmasq;

/// <summary>One running dnsmasq.</summary>
internal sealed class DnsmasqChild : IDisposable
{
    private readonly Process _process;
    private readonly ProcessHandle? _handle;

    private DnsmasqChild(Process process, ProcessHandle? handle) => (_process, _handle) = (process, handle);

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts it, on the thread that its life is tied to.</summary>
    /// <exception cref="IOException">It cannot be started.</exception>
    public static Task<DnsmasqChild> StartAsync(ChildThread thread, DnsmasqProgram program, string configuration) => thread.RunAsync(() =>
    {
        try
        {
            var process = Process.Start(program.StartWith(configuration))!;
            process.StandardInput.Close();
            return new DnsmasqChild(process, ProcessHandle.Open(process.Id));
        }
        catch (Win32Exception e)
        {
            throw new IOException(e.Message, e);
        }
    });

    /// <summary>What it writes, line by line, until it has ended. dnsmasq logs to standard error; the other is drained.</summary>
    public async IAsyncEnumerable<string> ReadAsync()
    {
        var other = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        await foreach (var line in BoundedLines.ReadAsync(_process.StandardError.BaseStream))
        {
            yield return line;
        }

        await other;
        await _process.WaitForExitAsync();
    }

    /// <summary>How it ended: a sentence. Only after <see cref="ReadAsync"/>.</summary>
    public string DescribeEnd() => _process.ExitCode > 128
        ? $"dnsmasq was killed by signal {_process.ExitCode - 128}"
        : $"dnsmasq exited with code {_process.ExitCode}";

    /// <summary>Signals it; nothing happens when it has ended.</summary>
    public void Signal(int signal)
    {
        if (_handle is not null)
        {
            _handle.Signal(signal);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle?.Dispose();
        _process.Dispose();
    }
}
