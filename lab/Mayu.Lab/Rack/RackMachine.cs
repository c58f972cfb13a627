namespace Mayu.Lab.Rack;

/// <summary>One machine of the rack: a QEMU process when it is on, its files when it is off.</summary>
public sealed class RackMachine : IAsyncDisposable
{
    private readonly VirtualRack _rack;
    private readonly QemuPaths _paths;
    private readonly string _tap;
    private readonly string _log;
    private RackProcess? _qemu;
    private long _bootedAt;

    internal RackMachine(VirtualRack rack, MachineSpec spec, QemuPaths paths, string tap, string log)
    {
        _rack = rack;
        _paths = paths;
        _tap = tap;
        _log = log;
        Spec = spec;
        Console = new ConsoleLog(paths.Console);
        Disks = [.. paths.Disks.Select(path => new MachineDisk(path, rack.ScratchFolder))];
    }

    public MachineSpec Spec { get; }

    public string Serial => Spec.Serial;

    public ConsoleLog Console { get; }

    /// <summary>QEMU's socket of the machine protocol.</summary>
    public string ControlSocket => _paths.ControlSocket;

    /// <summary>Its disks, to be looked at only when it is off.</summary>
    public IReadOnlyList<MachineDisk> Disks { get; }

    public bool IsOn => _qemu is { HasExited: false };

    /// <summary>Presses the power button of a machine that is off.</summary>
    public async Task PowerOnAsync()
    {
        if (IsOn)
        {
            throw new LabException($"{Serial} is already powered on");
        }

        await PowerOffAsync();
        Console.Mark("power on");
        _bootedAt = Console.Length;
        _qemu = await _rack.StartAsync("QEMU of " + Serial, _log, QemuArguments.Program, QemuArguments.For(Spec, _paths, _tap));
    }

    /// <summary>Pulls the plug: what the machine had not written to its disk is lost.</summary>
    public async Task PowerOffAsync()
    {
        if (_qemu is not null)
        {
            await _qemu.DisposeAsync();
            _qemu = null;
            Console.Mark("power off");
        }
    }

    /// <summary>Presses the reset button.</summary>
    /// <param name="order">What its firmware tries first until it is switched off; null: as before.</param>
    /// <param name="cancellation">Ends the wait for QEMU's answer.</param>
    public async Task ResetAsync(BootOrder? order = null, CancellationToken cancellation = default)
    {
        Console.Mark("reset");
        _bootedAt = Console.Length;
        await QemuControl.ResetAsync(_paths.ControlSocket, order, cancellation);
    }

    /// <summary>Presses a key of its keyboard, by QEMU's name of it: <c>ret</c>, <c>down</c>, <c>a</c>.</summary>
    /// <exception cref="LabException">It is off, or has no such key.</exception>
    public Task PressAsync(string key, CancellationToken cancellation = default) => QemuControl.PressAsync(_paths.ControlSocket, key, cancellation);

    /// <summary>Waits until the machine has printed a text since it was last switched on or reset by us.</summary>
    /// <exception cref="LabException">It did not in time, or its QEMU ended; the message has the console's last lines.</exception>
    public async Task WaitForConsoleAsync(string text, TimeSpan timeout, CancellationToken cancellation = default)
    {
        var qemu = _qemu ?? throw new LabException($"{Serial} is powered off: it will not print '{text}'");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var found = await Console.WaitForAsync(text, _bootedAt, () => qemu.HasExited, limit.Token);
        cancellation.ThrowIfCancellationRequested();
        if (!found)
        {
            throw new LabException(qemu.HasExited
                ? $"{Serial}: QEMU exited before the console showed '{text}':\n{qemu.Tail()}\n{Console.Tail()}"
                : $"{Serial}: the console did not show '{text}' within {timeout.TotalSeconds:0} s. Its last lines:\n{Console.Tail()}");
        }
    }

    /// <summary>Says why the machine is off although nobody switched it off; null while all is well.</summary>
    public string? Failure() => _qemu is { HasExited: true } qemu ? $"QEMU of {Serial} exited unexpectedly:\n{qemu.Tail()}" : null;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await PowerOffAsync();
}
