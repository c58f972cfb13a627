using Mayu.Storage.Writer;

// fill KIND DIR MACHINES: make so many machines.
// crash KIND DIR WRITERS MACHINES [STEP COUNT]: change so many machines for ever, telling each acknowledged change; die at the COUNT-th STEP. KIND is git or plain.
// measure DIR MACHINES WRITERS SECONDS: print durable changes per second.
switch (args)
{
    case ["fill", var kind, var directory, var machines]:
        await EndlessChanges.FillAsync(kind, directory, int.Parse(machines));
        return 0;
    case ["crash", var kind, var directory, var writers, var machines]:
        await EndlessChanges.RunAsync(kind, directory, int.Parse(writers), int.Parse(machines), dieAt: null, count: 0);
        return 0;
    case ["crash", var kind, var directory, var writers, var machines, var step, var count]:
        await EndlessChanges.RunAsync(kind, directory, int.Parse(writers), int.Parse(machines), step, int.Parse(count));
        return 0;
    case ["measure", var directory, var machines, var writers, var seconds]:
        await Throughput.MeasureAsync(directory, int.Parse(machines), int.Parse(writers), TimeSpan.FromSeconds(int.Parse(seconds)));
        return 0;
    default:
        await Console.Error.WriteLineAsync("fill KIND DIR MACHINES | crash KIND DIR WRITERS MACHINES [STEP COUNT] | measure DIR MACHINES WRITERS SECONDS");
        return 2;
}
