using Mayu.Fuzz;
using SharpFuzz;

const int Failed = 1;
const int Usage = 2;

switch (args)
{
    // Under afl-fuzz: one input after the other from shared memory; an exception that escapes is a crash.
    case ["run", var name] when FuzzTarget.Find(name) is { } target:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            target.Take(copy.ToArray());
        });
        return 0;

    case ["replay", var corpus] when Directory.Exists(corpus):
        return Replay(corpus);

    case ["replay", var corpus]:
        Console.Error.WriteLine($"mayu-fuzz: replay {corpus}: there is no such folder");
        return Usage;

    case ["run", var name]:
        Console.Error.WriteLine($"mayu-fuzz: run {name}: there is no such target; mayu-fuzz list shows the targets");
        return Usage;

    case ["list"]:
        foreach (var target in FuzzTarget.All)
        {
            Console.WriteLine(target.Name);
        }

        return 0;

    case [not ("list" or "run" or "replay") and var command, ..]:
        Console.Error.WriteLine($"mayu-fuzz: there is no command '{command}'; the commands are list, run and replay");
        return Usage;

    default:
        Console.Error.WriteLine("mayu-fuzz: usage: mayu-fuzz list | replay CORPUS | run TARGET (under afl-fuzz); see tests/Fuzz/fuzz --help");
        return Usage;
}

static int Replay(string corpus)
{
    var failures = 0;
    foreach (var target in FuzzTarget.All)
    {
        var folder = Path.Combine(corpus, target.Name);
        var inputs = Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal).ToArray() : [];
        foreach (var input in inputs)
        {
            try
            {
                target.Take(File.ReadAllBytes(input));
            }
            catch (Exception escaped)
            {
                failures++;
                Console.Error.WriteLine($"mayu-fuzz: {input}: {escaped}");
            }
        }

        Console.WriteLine($"{target.Name}: {inputs.Length} inputs");
        if (inputs.Length == 0)
        {
            failures++;
            Console.Error.WriteLine($"mayu-fuzz: {target.Name} has no corpus");
        }
    }

    return failures == 0 ? 0 : Failed;
}
